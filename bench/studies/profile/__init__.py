"""What `gradclinic profile` measures, a file a question; `study` puts them together."""
