import type { RequestListener } from "node:http";
import express, { type ErrorRequestHandler } from "express";
import { ApiError } from "./errors.ts";
import type { Route } from "./route.ts";
import { serveRoute, type ServeContext } from "./serve-route.ts";

/** Express as a router only: what a route does is served the same way as the scoring route. */
export function dispatchToExpress(routes: readonly Route[], context: ServeContext): RequestListener {
  const app = express();
  app.disable("x-powered-by");
  app.enable("case sensitive routing");
  app.enable("strict routing");
  for (const [described, sharing] of Map.groupBy(routes, (route) => route.path)) {
    const path = described.replaceAll(/\{(\w+)\}/gu, ":$1");
    for (const route of sharing) {
      const serve = serveRoute(route, context);
      app[route.method === "GET" ? "get" : "post"](path, (request, response) => {
        serve(request, response, request.params as Readonly<Record<string, string>>);
      });
    }
    const otherMethods = serveRoute(methodNotAllowed(described, sharing), context);
    app.all(path, (request, response) => otherMethods(request, response));
  }
  const nothing = serveRoute(notFound, context);
  app.use((request, response) => nothing(request, response));
  // A path that cannot be decoded (`/%`) is the one thing that Express itself refuses.
  const undecodable: ErrorRequestHandler = (_error, request, response, _next) => nothing(request, response);
  app.use(undecodable);
  return app;
}

function methodNotAllowed(path: string, sharing: readonly Route[]): Route {
  const allow = sharing.map(({ method }) => (method === "GET" ? "GET, HEAD" : method)).join(", ");
  return {
    method: "GET",
    path,
    access: "open",
    cost: "free",
    handle: () => Promise.reject(new ApiError("METHOD_NOT_ALLOWED", { headers: { Allow: allow } })),
  };
}

/** One label for all of them: paths that a stranger invents must not become metrics. */
const notFound: Route = {
  method: "GET",
  path: "unknown",
  access: "open",
  cost: "free",
  handle: () => Promise.reject(new ApiError("NOT_FOUND")),
};
