gone();
too();
