import Resources

/// Numbers that nobody can guess, from the kernel.
///
/// It is Swift's own generator over `getrandom`, which, unlike `RAND_bytes`, cannot fail.
package struct SystemRandom: RandomSource {
    package init() {}

    package func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
