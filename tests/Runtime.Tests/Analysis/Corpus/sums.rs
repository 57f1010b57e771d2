// A loop that the compiler makes vectors of.
#[inline(never)]
fn add(a: &mut [f64], b: &[f64], k: f64) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += k * y;
    }
}

fn main() {
    let mut a: Vec<f64> = (0..4096).map(|i| i as f64).collect();
    let b: Vec<f64> = (0..4096).map(|i| i as f64 * 0.5).collect();
    add(&mut a, &b, 2.0);
    println!("{:.10}", a[4095]);
}
