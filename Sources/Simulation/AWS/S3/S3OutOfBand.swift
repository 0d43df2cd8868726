/// What people do to buckets without asking the API.
extension SimulatedS3 {
    /// Makes a bucket that the inventory does not count.
    /// - Returns: False when there is one.
    @discardableResult
    package func give(_ bucket: String) -> Bool {
        guard buckets[bucket] == nil else { return false }
        buckets[bucket] = Bucket(isGiven: true)
        return true
    }

    /// Has a bucket deny exactly these actions, such as `s3:PutObject`.
    /// - Returns: False when there is no such bucket.
    @discardableResult
    package func deny(_ actions: Set<String>, in bucket: String) -> Bool {
        guard buckets[bucket] != nil else { return false }
        buckets[bucket]?.denied = actions
        return true
    }

    /// Everything in a bucket, by key.
    package func contents(of bucket: String) -> [String: [UInt8]] {
        buckets[bucket]?.objects.mapValues(\.body) ?? [:]
    }

    /// Puts an object in place of another, or with `nil` removes it.
    package func replace(_ key: String, in bucket: String, with body: [UInt8]?) {
        buckets[bucket]?.objects[key] = body.map {
            Object(body: $0, tag: tag(of: $0), modified: core.now, headers: [])
        }
    }
}
