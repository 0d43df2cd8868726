/// The service models and the serializer of botocore, AWS's own SDK.
enum BotocoreModel {
    struct Request: Codable, Hashable, Sendable {
        let service: String
        /// Decoded names and values, with `Action` and `Version`.
        let form: [String: String]
    }

    /// A request of the JSON protocol.
    struct Call: Codable, Hashable, Sendable {
        /// `AmazonSSM.GetParameter`
        let target: String
        let contentType: String
        let body: String
    }

    /// What is wrong with each request: a name or a type that the model does not have, or a form
    /// that botocore writes otherwise.
    static func problems(of requests: [Request]) throws -> [String] {
        try run("check", requests)
    }

    static func problems(of calls: [Call]) throws -> [String] {
        try run("check-json", calls)
    }

    /// The same as `answers(to:)`, of operations of the JSON protocol.
    static func jsonAnswers(to operations: [String]) throws -> [String] {
        try run("render-json", operations)
    }

    /// An answer to each operation (`ec2:DescribeInstances`) with every member that the model has,
    /// and one that it has not in each structure.
    static func answers(to operations: [String]) throws -> [String] {
        try run("render", operations)
    }

    private static func run(_ task: String, _ input: some Encodable) throws -> [String] {
        try script.run(input, [task])
    }

    private static let script = PythonScript(
        text: """
            import json, sys
            from botocore.loaders import Loader
            from botocore.model import ServiceModel
            from botocore.serialize import create_serializer
            from botocore.validate import ParamValidator

            models = {}

            def model(service):
                if service not in models:
                    models[service] = ServiceModel(
                        Loader().load_service_model(service, "service-2"), service)
                return models[service]

            def wire_name(shape, name, is_ec2):
                written = shape.serialization.get("queryName") if is_ec2 else None
                written = written or shape.serialization.get("name") or name
                return written[0].upper() + written[1:] if is_ec2 else written

            def read(shape, form, prefix, is_ec2):
                kind = shape.type_name
                if kind == "structure":
                    return {
                        name: read(member, form, prefix + [wire_name(member, name, is_ec2)], is_ec2)
                        for name, member in shape.members.items()
                        if given(form, prefix + [wire_name(member, name, is_ec2)])}
                if kind == "list":
                    found, base = [], prefix if is_ec2 else prefix + ["member"]
                    while given(form, base + [str(len(found) + 1)]):
                        place = base + [str(len(found) + 1)]
                        found.append(read(shape.member, form, place, is_ec2))
                    return found
                text = form[".".join(prefix)]
                if kind in ("integer", "long"):
                    return int(text)
                if kind == "boolean":
                    return {"true": True, "false": False}[text]
                return text.encode() if kind == "blob" else text

            def given(form, prefix):
                name = ".".join(prefix)
                return any(key == name or key.startswith(name + ".") for key in form)

            def check(request):
                service, form = request["service"], request["form"]
                operation = model(service).operation_model(form["Action"])
                is_ec2 = service == "ec2"
                parameters = read(operation.input_shape, form, [], is_ec2)
                report = ParamValidator().validate(parameters, operation.input_shape)
                if report.has_errors():
                    return form["Action"] + ": " + report.generate_report()
                own = create_serializer(model(service).metadata["protocol"])
                written = {
                    key: str(value) if not isinstance(value, bool) else str(value).lower()
                    for key, value in own.serialize_to_request(parameters, operation)["body"].items()}
                different = sorted(set(written.items()) ^ set(form.items()))
                return form["Action"] + ": " + str(different) if different else None

            def answer(shape, depth=0):
                kind = shape.type_name
                if kind == "structure":
                    if depth > 9:
                        return ""
                    text = "<newElementOfTomorrow><item>x</item></newElementOfTomorrow>"
                    for name, member in shape.members.items():
                        tag = member.serialization.get("name", name)
                        text += "<" + tag + ">" + answer(member, depth + 1) + "</" + tag + ">"
                    return text
                if kind == "list":
                    tag = shape.member.serialization.get("name", "member")
                    return "<" + tag + ">" + answer(shape.member, depth + 1) + "</" + tag + ">"
                return {"integer": "7", "long": "7", "boolean": "false", "double": "1.5",
                        "timestamp": "2026-01-02T03:04:05.000Z"}.get(kind, "text")

            def render(name):
                service, action = name.split(":")
                shape = model(service).operation_model(action).output_shape
                content = answer(shape)
                wrapper = shape.serialization.get("resultWrapper") or (
                    action + "Result" if service != "ec2" else None)
                if wrapper:
                    content = "<" + wrapper + ">" + content + "</" + wrapper + ">"
                return "<" + action + "Response>" + content + "</" + action + "Response>"

            def check_json(call):
                prefix, action = call["target"].rsplit(".", 1)
                service = next(
                    name for name in ("ssm", "budgets", "pricing")
                    if model(name).metadata["targetPrefix"] == prefix)
                operation = model(service).operation_model(action)
                parameters = json.loads(call["body"])
                report = ParamValidator().validate(parameters, operation.input_shape)
                if report.has_errors():
                    return action + ": " + report.generate_report()
                own = create_serializer("json").serialize_to_request(parameters, operation)
                # The serializer leaves out what the model does not have.
                if json.loads(own["body"]) != parameters:
                    return action + ": " + str(own["body"])
                different = [
                    value for name, value in (
                        ("X-Amz-Target", call["target"]), ("Content-Type", call["contentType"]))
                    if own["headers"][name] != value]
                return action + ": " + str(different) if different else None

            def json_answer(shape, depth=0):
                kind = shape.type_name
                if kind == "structure":
                    members = {"NewMemberOfTomorrow": {"x": [1, None]}}
                    if depth < 9:
                        for name, member in shape.members.items():
                            members[name] = json_answer(member, depth + 1)
                    return members
                if kind == "list":
                    return [json_answer(shape.member, depth + 1)]
                if kind == "map":
                    return {"text": json_answer(shape.value, depth + 1)}
                if kind == "string":
                    return shape.enum[0] if shape.enum else "text"
                return {"integer": 7, "long": 7, "boolean": False, "timestamp": 1767322985.5
                        }.get(kind, 1.5)

            def render_json(name):
                service, action = name.split(":")
                return json.dumps(json_answer(model(service).operation_model(action).output_shape))

            tasks = {"check": check, "check-json": check_json,
                     "render": render, "render-json": render_json}
            with open(sys.argv[1]) as file:
                given_input = json.load(file)
            found = map(tasks[sys.argv[2]], given_input)
            print(json.dumps([answer for answer in found if answer]))
            """)
}
