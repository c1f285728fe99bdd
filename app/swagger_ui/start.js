// Beside the page and not in it: its Content-Security-Policy takes no inline script.
SwaggerUIBundle({ url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
