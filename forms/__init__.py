"""What people fill in: form schemas as versioned data, their checks and their WTForms."""
