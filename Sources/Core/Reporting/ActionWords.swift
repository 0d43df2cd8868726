import Planning

extension Change.Action {
    /// "creating": while it goes on.
    var present: String {
        switch self {
        case .create: "creating"
        case .update: "updating"
        case .replace: "replacing"
        case .delete: "deleting"
        case .adopt: "adopting"
        case .forget: "forgetting"
        case .noOp: "looking"
        }
    }

    /// "created": when it is over.
    var past: String {
        switch self {
        case .create: "created"
        case .update: "updated"
        case .replace: "replaced"
        case .delete: "deleted"
        case .adopt: "adopted"
        case .forget: "forgotten"
        case .noOp: "unchanged"
        }
    }

    /// What a step of this phase is called: a replacement deletes first, then creates.
    func word(in phase: Step.Phase) -> Change.Action {
        switch phase {
        case .delete: .delete
        case .finishBoot: .update
        case .apply: self == .replace ? .create : self
        }
    }

    /// In the order in which reports count: removals first.
    static let counted: [Change.Action] = [.delete, .replace, .create, .update, .adopt, .forget]

    /// The widest name among them.
    static let width = "replace".count
}

extension Style {
    /// One character for what happens: `+` create, `~` update, `±` replace, `-` delete.
    func mark(_ action: Change.Action) -> String {
        switch action {
        case .create: green("+")
        case .update: yellow("~")
        case .replace: red("±")
        case .delete: red("-")
        case .adopt: cyan("=")
        case .forget: cyan("×")
        case .noOp: " "
        }
    }
}
