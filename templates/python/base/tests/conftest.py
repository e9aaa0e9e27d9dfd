pytest_plugins = ["service.testing.fixtures"]
