package main

import "fmt"

func main() {
	s := 0.0
	for i := 1; i < 2048; i++ {
		s += 1 / float64(i)
	}
	fmt.Printf("%.10g\n", s)
}
