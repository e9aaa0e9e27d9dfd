log("hello world");
