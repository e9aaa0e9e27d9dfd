one
2
3
4
