"""What is done once, by `run NAME`: one module a task, with `async def run(task: Task) -> None`."""
