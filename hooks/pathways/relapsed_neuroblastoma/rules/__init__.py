"""The rules: pure functions over facts and knowledge. They never see FHIR."""
