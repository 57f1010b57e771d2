/* A library that some program calls, or opens. */
double library(const double *x, const double *y, int n)
{
    double s[4] = {0, 0, 0, 0};
    for (int i = 0; i + 4 <= n; i += 4) for (int j = 0; j < 4; j++) s[j] += x[i + j] * y[i + j];
    return s[0] + s[1] + s[2] + s[3];
}
