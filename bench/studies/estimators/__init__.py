"""Our estimators beside scikit-learn's networks, with the same settings."""
