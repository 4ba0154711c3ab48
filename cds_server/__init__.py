"""SERVES: web, EHR access, settings, telemetry, command line. The only folder with side effects."""
