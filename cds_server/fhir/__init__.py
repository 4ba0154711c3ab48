"""EHR access: what prefetch holds, and what the EHR's FHIR server adds."""
