"""`gradclinic history`: the systems of seven decades on tasks that they share."""
