gone();
