import plugin from "fastify-plugin";
import { followRequests } from "../current-request.ts";

/** Tells what a handler calls which request it works for. */
export default plugin(async (app) => followRequests(app));
