log("helloworld");
