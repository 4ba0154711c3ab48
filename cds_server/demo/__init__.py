"""Demo mode: the page at /, the synthetic children it shows, the fixture FHIR server at /fhir, `fixtures`.

Place in the flow: `create_app` calls `page.register_demo` in demo mode only. May not: be mounted in production,
or decide anything: the page calls the same /cds-services as everyone else.
"""
