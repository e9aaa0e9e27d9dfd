package main

import _ "service/internal/tasks" // Each of its files registers a task.
