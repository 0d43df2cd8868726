"""proxmoxer knows HTTPS only; the simulated Proxmox VE on loopback is served without TLS."""
try:
    import requests
except ImportError:
    requests = None

if requests is not None:
    send = requests.Session.request

    def request(self, method, url, *arguments, **more):
        return send(self, method, url.replace("https://127.0.0.1", "http://127.0.0.1"),
                    *arguments, **more)

    requests.Session.request = request
