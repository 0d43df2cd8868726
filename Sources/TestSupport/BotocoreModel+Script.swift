extension BotocoreModel {
    /// Parses each request by its model, has botocore write the same, and compares the two.
    static let script = PythonScript(
        text: """
            import base64, json, sys
            from urllib.parse import parse_qsl, unquote, urlsplit
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

            def operation_of(request):
                service = request["service"]
                for name in ("ssm", "budgets", "pricing", "dynamodb", "kms", "cloudtrail"):
                    if model(name).metadata["targetPrefix"] == service:
                        service = name
                return model(service), model(service).operation_model(request["operation"])

            def check(request):
                service, operation = operation_of(request)
                protocol = service.metadata["protocol"]
                parameters = readers[protocol](request, operation)
                report = ParamValidator().validate(parameters, operation.input_shape) \\
                    if operation.input_shape else None
                if report is not None and report.has_errors():
                    return request["operation"] + ": " + report.generate_report()
                own = create_serializer(protocol).serialize_to_request(parameters, operation)
                different = differences[protocol](request, own)
                return request["operation"] + ": " + str(different) if different else None

            # The query protocols: a flat form.

            def wire_name(shape, name, is_ec2):
                written = shape.serialization.get("queryName") if is_ec2 else None
                written = written or shape.serialization.get("name") or name
                return written[0].upper() + written[1:] if is_ec2 else written

            def given(form, prefix):
                name = ".".join(prefix)
                return any(key == name or key.startswith(name + ".") for key in form)

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
                return base64.b64decode(text) if kind == "blob" else text

            def form_of(request):
                return dict(parse_qsl(request["body"], keep_blank_values=True))

            def read_form(request, operation):
                if operation.input_shape is None:
                    return {}
                is_ec2 = operation.service_model.metadata["protocol"] == "ec2"
                return read(operation.input_shape, form_of(request), [], is_ec2)

            def form_differences(request, own):
                written = {
                    key: str(value) if not isinstance(value, bool) else str(value).lower()
                    for key, value in own["body"].items()}
                return sorted(set(written.items()) ^ set(form_of(request).items())) + [
                    value for name, value in own["headers"].items()
                    if request["headers"].get(name.lower()) != value]

            # The JSON protocols: one document.

            def typed(shape, value):
                kind = shape.type_name
                if kind == "structure" and isinstance(value, dict):
                    return {
                        name: typed(shape.members[name], member)
                        if name in shape.members else member for name, member in value.items()}
                if kind == "list" and isinstance(value, list):
                    return [typed(shape.member, element) for element in value]
                if kind == "map" and isinstance(value, dict):
                    return {name: typed(shape.value, member) for name, member in value.items()}
                return base64.b64decode(value) if kind == "blob" else value

            def read_json(request, operation):
                return typed(operation.input_shape, json.loads(request["body"]))

            def json_differences(request, own):
                different = [
                    value for name, value in own["headers"].items()
                    if request["headers"].get(name.lower()) != value]
                # The serializer leaves out what the model does not have.
                if json.loads(own["body"]) != json.loads(request["body"]):
                    different.append(own["body"])
                return different

            # S3: members have their places in the path, the query, the headers and the body.

            SIGNATURE = {"authorization", "x-amz-date", "x-amz-content-sha256"}

            def read_rest(request, operation):
                url = urlsplit(request["url"])
                query = dict(parse_qsl(url.query, keep_blank_values=True))
                parameters = {"Bucket": url.hostname.split(".s3.")[0]}
                if "{Key+}" in operation.http["requestUri"]:
                    parameters["Key"] = unquote(url.path[1:])
                for name, member in operation.input_shape.members.items():
                    place = member.serialization.get("location")
                    wire = member.serialization.get("name")
                    text = None
                    if place == "querystring":
                        text = query.get(wire)
                    elif place == "header":
                        text = request["headers"].get(wire.lower())
                    if text is not None:
                        is_number = member.type_name in ("integer", "long")
                        parameters[name] = int(text) if is_number else text
                payload = operation.input_shape.serialization.get("payload")
                if payload and request["body"]:
                    parameters[payload] = request["body"].encode()
                return parameters

            def rest_differences(request, own):
                url = urlsplit(request["url"])
                path = "/" + url.hostname.split(".s3.")[0] + url.path
                fixed = urlsplit(own["url_path"])
                query = dict(own["query_string"], **dict(parse_qsl(fixed.query)))
                sent = dict(parse_qsl(url.query, keep_blank_values=True))
                headers = {
                    name: value for name, value in request["headers"].items()
                    if name not in SIGNATURE}
                written = {name.lower(): value for name, value in own["headers"].items()}
                pairs = [
                    (request["method"], own["method"]), (path.rstrip("/"), fixed.path.rstrip("/")),
                    (sent, {name: str(value) for name, value in query.items()}),
                    (headers, written), (request["body"].encode(), own["body"] or b"")]
                return [pair for pair in pairs if pair[0] != pair[1]]

            readers = {
                "ec2": read_form, "query": read_form, "json": read_json, "rest-xml": read_rest}
            differences = {
                "ec2": form_differences, "query": form_differences, "json": json_differences,
                "rest-xml": rest_differences}

            # Answers with everything in them.

            BLOB = base64.b64encode(bytes(range(32))).decode()
            TEXTS = {
                "integer": "7", "long": "7", "boolean": "false", "double": "1.5", "blob": BLOB,
                "timestamp": "2026-01-02T03:04:05.000Z"}

            def xml(shape, depth=0):
                kind = shape.type_name
                if kind == "structure":
                    if depth > 9:
                        return ""
                    text = "<newElementOfTomorrow><item>x</item></newElementOfTomorrow>"
                    for name, member in shape.members.items():
                        if "location" in member.serialization:
                            continue
                        tag = member.serialization.get("name", name)
                        content = xml(member, depth + 1)
                        is_flat = member.serialization.get("flattened")
                        text += content.replace("<member>", "<" + tag + ">", 1).removesuffix(
                            "</member>") + "</" + tag + ">" if is_flat else (
                            "<" + tag + ">" + content + "</" + tag + ">")
                    return text
                if kind == "list":
                    tag = shape.member.serialization.get("name", "member")
                    return "<" + tag + ">" + xml(shape.member, depth + 1) + "</" + tag + ">"
                return TEXTS.get(kind, "text")

            def document(shape, depth=0):
                kind = shape.type_name
                if kind == "structure":
                    members = {"NewMemberOfTomorrow": {"x": [1, None]}}
                    if depth < 9:
                        for name, member in shape.members.items():
                            members[name] = document(member, depth + 1)
                    return members
                if kind == "list":
                    return [document(shape.member, depth + 1)]
                if kind == "map":
                    return {"text": document(shape.value, depth + 1)}
                if kind == "string":
                    return shape.enum[0] if shape.enum else "text"
                return {"integer": 7, "long": 7, "boolean": False, "timestamp": 1767322985.5,
                        "blob": BLOB}.get(kind, 1.5)

            def render(name):
                service, action = name.split(":")
                shape = model(service).operation_model(action).output_shape
                protocol = model(service).metadata["protocol"]
                if protocol == "json":
                    return json.dumps(document(shape))
                content = xml(shape)
                wrapper = shape.serialization.get("resultWrapper")
                if wrapper:
                    content = "<" + wrapper + ">" + content + "</" + wrapper + ">"
                return "<" + action + "Response>" + content + "</" + action + "Response>"

            with open(sys.argv[1]) as file:
                given_input = json.load(file)
            task = sys.argv[2]
            if task == "check":
                found = [answer for answer in map(check, given_input) if answer]
            elif task == "render":
                found = [render(name) for name in given_input]
            else:
                found = [name for service in given_input for name in model(service).operation_names]
            print(json.dumps(found))
            """)
}
