# Functions that the networks share. w holds weights by their checkpoint names; p is a module's name in it.


