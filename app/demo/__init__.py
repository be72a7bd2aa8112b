"""The demonstration office: invented people, vehicles and documents, taken in by the verbs themselves."""
