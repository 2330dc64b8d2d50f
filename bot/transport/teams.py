"""The adapter: the only file that knows the Bot Framework SDK. Activities in, activities out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from urllib.parse import quote

import structlog
from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ResourceResponse
from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthentication,
    BotFrameworkAuthenticationFactory,
    ClaimsIdentity,
    ConnectorFactory,
    JwtTokenExtractor,
    PasswordServiceClientCredentialFactory,
)
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult

from bot.dialogue.message import Message, Outcome
from bot.transport.activities import LOCAL, Incoming
from bot.transport.admission import (
    ISSUER,
    KeysUnavailable,
    Refused,
    check_service_url,
    check_tenants,
    check_token,
)
from bot.transport.rendering import Rendered, rendered
from bot.transport.sender import Delivery, SendFailed
from bot.transport.signing_keys import SigningKeys
from bot.turn import Channel, ReplyFailed

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
DONE = "✓"
INVOKE_PATIENCE = 3.0
"""Seconds a pressed card waits for its reply message to be sent; Teams gives up after 5."""
TYPING_PATIENCE = 1.0
SUMMARY = 200

log = structlog.get_logger("kazipot.teams")

OnTurn = Callable[[Message, Channel], Awaitable[Outcome | None]]


class _Conversations:
    """The operations that the SDK's adapter asks of a connector client, over our own delivery."""

    def __init__(self, delivery: Delivery, service_url: str) -> None:
        self._delivery = delivery
        self._service_url = service_url

    async def reply_to_activity(
        self, conversation: str, replied: str, activity: Activity
    ) -> ResourceResponse:
        return await self._deliver("POST", conversation, activity, replied)

    async def send_to_conversation(self, conversation: str, activity: Activity) -> ResourceResponse:
        return await self._deliver("POST", conversation, activity)

    async def update_activity(self, conversation: str, updated: str, activity: Activity) -> ResourceResponse:
        return await self._deliver("PUT", conversation, activity, updated)

    async def _deliver(
        self, method: str, conversation: str, activity: Activity, other: str = ""
    ) -> ResourceResponse:
        path = f"v3/conversations/{quote(conversation, safe='')}/activities"
        if other:
            path += f"/{quote(other, safe='')}"
        sent = await self._delivery.deliver(method, self._service_url, path, activity.serialize())
        return ResourceResponse(id=sent)


class _Connector:
    def __init__(self, delivery: Delivery, service_url: str) -> None:
        self.conversations = _Conversations(delivery, service_url)


class _Connectors(ConnectorFactory):  # type: ignore[misc]
    """Gives every turn its connector; nothing is fetched or opened for it."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def create(self, service_url: str, audience: str) -> Any:
        return _Connector(self._delivery, service_url)


class Authentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """The SDK's token check for channels, with what it leaves open closed."""

    def __init__(self, app_id: str, openid_url: str, keys: SigningKeys, delivery: Delivery) -> None:
        self._app_id = app_id
        self._connectors = _Connectors(delivery)
        # The seam for signing keys: the extractor takes any object with an async `get`.
        JwtTokenExtractor.metadataCache[openid_url] = keys
        self._sdk = BotFrameworkAuthenticationFactory.create(
            validate_authority=True,
            to_channel_from_bot_login_url="unused",
            to_channel_from_bot_oauth_scope="unused",
            to_bot_from_channel_token_issuer=ISSUER,
            oauth_url="unused",
            to_bot_from_channel_open_id_metadata_url=openid_url,
            to_bot_from_emulator_open_id_metadata_url=openid_url,
            credential_factory=PasswordServiceClientCredentialFactory(app_id=app_id),
            auth_configuration=AuthenticationConfiguration(),
        )

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """Raises `Refused`, or `KeysUnavailable` when no token can be checked."""
        if not activity.channel_id:  # without it the SDK would not look at the key's endorsements
            raise Refused("no_channel")
        check_token(auth_header, activity.service_url or "", self._app_id)
        try:
            result = await self._sdk.authenticate_request(activity, auth_header)
        except (Refused, KeysUnavailable):
            raise
        except Exception as error:  # the SDK raises bare exceptions for bad tokens
            raise Refused("token") from error
        result.connector_factory = self._connectors
        return result

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> Any:
        raise Refused("streaming")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return self._connectors

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Nobody signs in to this bot."""


def anonymous(delivery: Delivery) -> AuthenticateRequestResult:
    """What stands in for a checked token in local mode."""
    result = AuthenticateRequestResult()
    result.claims_identity = ClaimsIdentity({}, True, "anonymous")
    result.connector_factory = _Connectors(delivery)
    return result


class Adapter(CloudAdapterBase):  # type: ignore[misc]
    """Receives activities and lets `on_turn` answer their messages.

    `closed` says that a token is asked for; without authentication only this machine may talk to it.
    """

    def __init__(
        self,
        authentication: Authentication | None,
        on_turn: OnTurn,
        hosts: tuple[str, ...],
        tenants: frozenset[str],
        delivery: Delivery,
    ) -> None:
        super().__init__(authentication or _Closed(delivery))
        self.closed = authentication is not None
        self._on_turn = on_turn
        self._hosts = hosts
        self._tenants = tenants
        self._delivery = delivery
        self._unfinished: set[asyncio.Task[None]] = set()

    async def receive(self, incoming: Incoming, header: str | None) -> InvokeResponse | None:
        """Answer an activity of a channel; without authentication only for this machine."""
        activity = Activity().deserialize(dict(incoming.envelope))
        url = activity.service_url or ""
        if not self.closed:
            check_service_url(url, (), local=True)
            admitted = anonymous(self._delivery)
        else:
            admitted = await self.bot_framework_authentication.authenticate_request(activity, header)
            check_service_url(url, self._hosts, local=False)
            check_tenants(incoming.tenants, self._tenants)
        return await self._process(admitted, activity, incoming)

    async def receive_local(self, incoming: Incoming, delivery: Delivery) -> InvokeResponse | None:
        """Answer an activity of the local page, which gets its replies by `delivery`."""
        return await self._process(
            anonymous(delivery), Activity().deserialize(dict(incoming.envelope)), incoming
        )

    async def finish(self) -> None:
        """Wait for replies that are still being sent."""
        await asyncio.gather(*self._unfinished, return_exceptions=True)

    async def _process(
        self, admitted: AuthenticateRequestResult, activity: Activity, incoming: Incoming
    ) -> InvokeResponse | None:
        async def logic(context: TurnContext) -> None:
            replies = _Replies(context, incoming, self._unfinished)
            try:
                if incoming.message:
                    await self._on_turn(incoming.message, replies)
            finally:
                await replies.close()
            if incoming.shape in ("card", "acknowledge") and not replies.invoked:
                body = {"statusCode": 200, "type": MESSAGE, "value": DONE} if incoming.shape == "card" else {}
                await replies.respond(body)

        response = await self.process_activity(admitted, activity, logic)
        return cast("InvokeResponse | None", response)


class _Closed(BotFrameworkAuthentication):  # type: ignore[misc]
    """Stands where authentication would in local mode; lets nothing in by itself."""

    def __init__(self, delivery: Delivery) -> None:
        self._connectors = _Connectors(delivery)

    async def authenticate_request(self, activity: Activity, auth_header: str) -> Any:
        raise Refused("closed")

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> Any:
        raise Refused("closed")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return self._connectors

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Nobody signs in to this bot."""


class _Replies:
    """Where the replies of one turn go: messages to the conversation, or a card in the place of another."""

    def __init__(self, context: TurnContext, incoming: Incoming, unfinished: set[asyncio.Task[None]]) -> None:
        self._context = context
        self._incoming = incoming
        self._unfinished = unfinished
        self._typing: asyncio.Task[None] | None = None
        self.invoked = False

    def started(self) -> None:
        """Show typing at once, beside the work; never for a pressed card, which shows its own sign."""
        message, buffered = self._incoming.message, "deliveryMode" in self._incoming.envelope
        if self._incoming.shape == "turn" and message and message.kind != "welcome" and not buffered:
            self._typing = asyncio.create_task(self._type())

    async def reply(self, outcome: Outcome) -> None:
        """Send the answer; raises `ReplyFailed`."""
        await self.close()
        parts = list(rendered(outcome.views))
        if self._incoming.replaces and parts:
            await self._replace(parts.pop(0))
        if self._incoming.shape != "card":
            await self._send(parts)
            return
        task = asyncio.create_task(self._send(parts))
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        done, _ = await asyncio.wait({task}, timeout=INVOKE_PATIENCE)
        if done:
            task.result()
        if not self.invoked:
            await self.respond({"statusCode": 200, "type": MESSAGE, "value": DONE})

    async def respond(self, body: Mapping[str, Any]) -> None:
        """Answer the invoke itself."""
        self.invoked = True
        value = InvokeResponse(status=200, body=body)
        await self._context.send_activity(Activity(type="invokeResponse", value=value))

    async def close(self) -> None:
        """No typing sign may come after the answer: a moment's grace for a slow one, then it is dropped."""
        if self._typing is None:
            return
        typing, self._typing = self._typing, None
        await asyncio.wait({typing}, timeout=TYPING_PATIENCE)
        typing.cancel()
        await asyncio.gather(typing, return_exceptions=True)

    async def _type(self) -> None:
        try:
            await self._context.send_activity(Activity(type="typing"))
        except SendFailed:
            log.info("typing not shown")

    async def _send(self, parts: list[Rendered]) -> None:
        try:
            for part in parts:
                await self._context.send_activity(self._message(part))
        except SendFailed as error:
            raise ReplyFailed(str(error)) from error

    async def _replace(self, part: Rendered) -> None:
        """Put the card in the place of the pressed one."""
        if self._incoming.shape == "card":
            await self.respond({"statusCode": 200, "type": CARD, "value": part.card})
            return
        activity = self._message(part)
        activity.id = self._incoming.replaces
        try:
            await self._context.update_activity(activity)
        except SendFailed:
            await self._send([part])  # the pressed message is gone or may not be changed: answer anyway

    def _message(self, part: Rendered) -> Activity:
        content: dict[str, Any] = {
            "type": "message",
            "summary": part.text[:SUMMARY],
            "attachments": [{"contentType": CARD, "content": part.card}],
        }
        if self._incoming.envelope.get("channelId") == LOCAL:
            content["channelData"] = {"text": part.text}
        return Activity().deserialize(content)
