"""HTTP: routes, bodies, errors. Views parse, call and respond; they decide nothing."""
