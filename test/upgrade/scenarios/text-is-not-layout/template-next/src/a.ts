log("hello world", 1);
