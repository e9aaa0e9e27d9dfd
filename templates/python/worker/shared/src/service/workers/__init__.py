"""What is done beside requests, by `worker NAME`: one module a worker, with `worker`, which makes a `Work` of an app."""
