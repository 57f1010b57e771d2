! A Fortran program that the compiler vectorises.
program sums
  implicit none
  integer, parameter :: n = 2048
  real(8) :: a(n), b(n), s
  integer :: i
  do i = 1, n
    a(i) = i * 0.5d0
    b(i) = 1d0 / i
  end do
  s = sum(a * b) + maxval(a)
  print '(f20.6)', s
end program
