a
ours
more
and more
