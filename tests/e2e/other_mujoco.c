// Stands where the program looks for MuJoCo, and says that it is an older one.
int mj_version(void);
int mj_version(void) { return 3016000; }
