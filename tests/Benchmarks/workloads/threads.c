/* Makes 2,000 threads, one after the other. */
#include <pthread.h>
static void *nothing(void *p) { return p; }
int main(void) {
  for (int i = 0; i < 2000; i++) { pthread_t t; pthread_create(&t, 0, nothing, 0); pthread_join(t, 0); }
  return 0;
}
