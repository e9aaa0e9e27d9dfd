package main

import _ "service/internal/workers" // Each of its files registers a worker.
