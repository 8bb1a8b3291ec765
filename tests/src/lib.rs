//! Laws over every procedure, conformance, browser journeys, bad inputs.
