//! Whether a point lies on a NIST curve: y² = x³ − 3x + b (mod p), SP 800-186 section 3.2.1.

use std::cmp::Ordering;

/// A curve Okta signs with.
pub(super) struct Curve {
    pub(super) name: &'static str,
    /// The one algorithm for it (RFC 7518 section 3.4).
    pub(super) alg: &'static str,
    pub(super) bits: usize,
    /// Bytes of each coordinate.
    pub(super) width: usize,
    p: &'static str,
    b: &'static str,
}

pub(super) const CURVES: &[Curve] = &[
    Curve {
        name: "P-256",
        alg: "ES256",
        bits: 256,
        width: 32,
        p: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    },
    Curve {
        name: "P-384",
        alg: "ES384",
        bits: 384,
        width: 48,
        p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    },
    Curve {
        name: "P-521",
        alg: "ES512",
        bits: 521,
        width: 66,
        p: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    },
];

impl Curve {
    /// Whether the coordinates, big-endian, are below p and meet the curve's equation.
    pub(super) fn holds(&self, x: &[u8], y: &[u8]) -> bool {
        let (p, b) = (Number::of_hex(self.p), Number::of_hex(self.b));
        let (x, y) = (Number::of_bytes(x), Number::of_bytes(y));
        if x >= p || y >= p {
            return false;
        }
        let cube = x.times(&x, &p).times(&x, &p);
        let three = x.plus(&x, &p).plus(&x, &p);
        let right = cube.minus(&three, &p).plus(&b, &p);
        y.times(&y, &p) == right
    }
}

/// Limbs of 32 bits, least significant first: 17 hold 521 bits and the carry of a doubling.
const LIMBS: usize = 17;

/// A number below 2^544. The values are public, so nothing here needs to run in constant time.
#[derive(Clone, PartialEq, Eq)]
struct Number([u32; LIMBS]);

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl Number {
    fn of_bytes(bytes: &[u8]) -> Self {
        let mut limbs = [0_u32; LIMBS];
        for (limb, chunk) in limbs.iter_mut().zip(bytes.rchunks(4)) {
            *limb = chunk
                .iter()
                .fold(0, |limb, byte| (limb << 8) + u32::from(*byte));
        }
        Self(limbs)
    }

    fn of_hex(hex: &str) -> Self {
        let digit = |c: &u8| char::from(*c).to_digit(16).unwrap_or_default();
        let mut limbs = [0_u32; LIMBS];
        for (limb, chunk) in limbs.iter_mut().zip(hex.as_bytes().rchunks(8)) {
            *limb = chunk.iter().fold(0, |limb, c| (limb << 4) + digit(c));
        }
        Self(limbs)
    }

    /// Both below p, or one of them p.
    fn plus(&self, other: &Self, p: &Self) -> Self {
        let mut carry = 0_u64;
        let mut sum = [0_u32; LIMBS];
        for (out, (a, b)) in sum.iter_mut().zip(self.0.iter().zip(&other.0)) {
            carry += u64::from(*a) + u64::from(*b);
            *out = low(carry);
            carry >>= 32;
        }
        let sum = Self(sum);
        if sum < *p { sum } else { sum.less(p) }
    }

    /// Both below p.
    fn minus(&self, other: &Self, p: &Self) -> Self {
        self.plus(&p.less(other), p)
    }

    /// `other` is not above `self`.
    fn less(&self, other: &Self) -> Self {
        let mut borrow = 0_i64;
        let mut rest = [0_u32; LIMBS];
        for (out, (a, b)) in rest.iter_mut().zip(self.0.iter().zip(&other.0)) {
            let difference = i64::from(*a) - i64::from(*b) + borrow;
            *out = low(difference.rem_euclid(1 << 32).unsigned_abs());
            borrow = difference.div_euclid(1 << 32);
        }
        Self(rest)
    }

    /// Doubling and adding from the highest bit: slow, short, and run a handful of times.
    fn times(&self, other: &Self, p: &Self) -> Self {
        let mut product = Self([0; LIMBS]);
        for limb in self.0.iter().rev() {
            for bit in (0..32).rev() {
                product = product.plus(&product, p);
                if limb >> bit & 1 == 1 {
                    product = product.plus(other, p);
                }
            }
        }
        product
    }
}

fn low(value: u64) -> u32 {
    u32::try_from(value & u64::from(u32::MAX)).unwrap_or_default()
}
