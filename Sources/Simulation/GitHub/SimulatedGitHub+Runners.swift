extension SimulatedGitHub: RunnerRegistry {
    package func register(
        url: String, token: String, name: String, labels: [String], version: String?,
        isEphemeral: Bool
    ) -> Bool {
        let parts = url.split(separator: "/").map(String.init)
        guard parts.count == 4, (parts[1] == "github.com") == !isEnterprise else { return false }
        return runners(of: "\(parts[2])/\(parts[3])")?.register(
            token: token, name: name, labels: labels, version: version,
            isEphemeral: isEphemeral) ?? false
    }

    package func setOnline(name: String, repository: String, online: Bool) {
        runners(of: repository)?.setOnline(online, named: name)
    }
}
