// Chooses by is_x86_feature_detected!, and is right.
#[target_feature(enable = "avx2,fma")]
unsafe fn wide(a: &mut [f64], b: &[f64], k: f64) {
    plain(a, b, k);
}

#[inline(always)]
fn plain(a: &mut [f64], b: &[f64], k: f64) {
    for (x, y) in a.iter_mut().zip(b) {
        *x += k * y;
    }
}

fn main() {
    let mut a: Vec<f64> = (0..4096).map(|i| i as f64).collect();
    let b: Vec<f64> = (0..4096).map(|i| i as f64 * 0.5).collect();
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        unsafe { wide(&mut a, &b, 2.0) };
    } else {
        plain(&mut a, &b, 2.0);
    }
    println!("{:.10}", a[4095]);
}
