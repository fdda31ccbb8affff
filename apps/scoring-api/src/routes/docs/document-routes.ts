import type { Route } from "../../route.ts";
import type { OpenApiDocument } from "../openapi/openapi-types.ts";
import { docsPage } from "./docs-page.ts";

/** `/openapi.json` and `/docs`: made once, at start. */
export function documentRoutes(document: OpenApiDocument, openPages: boolean): readonly Route[] {
  const access = openPages ? "open" : "any-key";
  const json = JSON.stringify(document);
  const page = docsPage(document);
  return [
    {
      method: "GET",
      path: "/openapi.json",
      access,
      cost: "free",
      handle: async () => ({ status: 200, contentType: "application/json", body: json }),
    },
    {
      method: "GET",
      path: "/docs",
      access,
      cost: "free",
      handle: async () => ({
        status: 200,
        contentType: "text/html; charset=utf-8",
        body: page,
        // The page has no script and loads nothing: whatever got into it could not do anything either.
        headers: { "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'" },
      }),
    },
  ];
}
