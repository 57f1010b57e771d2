// One template in two objects: the linker keeps one copy (COMDAT).
template <class T> struct Sum { T s; __attribute__((noinline)) void add(const T *x, int n) { for (int i = 0; i < n; i++) s += x[i]; } };
template <class T> struct Virtual { T s = 0; virtual ~Virtual() {} virtual void add(const T *x, int n) { for (int i = 0; i < n; i++) s += x[i]; } };
