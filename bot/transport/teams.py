"""The adapter: the only file that knows the Bot Framework SDK. Activities in, activities out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ResourceResponse
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

from bot.transport.activities import Incoming
from bot.transport.admission import (
    ISSUER,
    KeysUnavailable,
    Refused,
    check_service_url,
    check_tenants,
    check_token,
)
from bot.transport.outgoing import Content, addressed
from bot.transport.sender import Delivery
from bot.transport.serving import Handlers, serve
from bot.transport.signing_keys import SigningKeys


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
        sent = await self._delivery.deliver(method, self._service_url, path, addressed(activity))
        return ResourceResponse(id=sent)


def _received(envelope: Mapping[str, Any]) -> Activity:
    """The vetted envelope as the SDK's activity."""
    conversation, sender, bot = (envelope.get(name, {}) for name in ("conversation", "from", "recipient"))
    return Activity(
        type=envelope["type"],
        id=envelope.get("id"),
        channel_id=envelope.get("channelId"),
        service_url=envelope.get("serviceUrl"),
        reply_to_id=envelope.get("replyToId"),
        delivery_mode=envelope.get("deliveryMode"),
        conversation=ConversationAccount(
            id=conversation["id"],
            conversation_type=conversation.get("conversationType"),
            tenant_id=conversation.get("tenantId"),
        ),
        from_property=ChannelAccount(id=sender.get("id")),
        recipient=ChannelAccount(id=bot.get("id"), name=bot.get("name")),
    )


class _Connector:
    def __init__(self, delivery: Delivery, service_url: str) -> None:
        self.conversations = _Conversations(delivery, service_url)


class _Connectors(ConnectorFactory):  # type: ignore[misc]
    """Gives every turn its connector; nothing is fetched or opened for it."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    async def create(self, service_url: str, audience: str) -> Any:
        return _Connector(self._delivery, service_url)


class _Closed(BotFrameworkAuthentication):  # type: ignore[misc]
    """Stands where authentication would in local mode; lets nothing in by itself."""

    def __init__(self, delivery: Delivery) -> None:
        self._connectors = _Connectors(delivery)

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        raise Refused("closed")

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> Any:
        raise Refused("streaming")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return self._connectors

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        """Nobody signs in to this bot."""


class Authentication(_Closed):
    """The SDK's token check for channels, with what it leaves open closed."""

    def __init__(self, app_id: str, openid_url: str, keys: SigningKeys, delivery: Delivery) -> None:
        super().__init__(delivery)
        self._app_id = app_id
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


def anonymous(delivery: Delivery) -> AuthenticateRequestResult:
    """What stands in for a checked token in local mode."""
    result = AuthenticateRequestResult()
    result.claims_identity = ClaimsIdentity({}, True, "anonymous")
    result.connector_factory = _Connectors(delivery)
    return result


class Adapter(CloudAdapterBase):  # type: ignore[misc]
    """Receives activities and lets the handlers answer them.

    `closed` says that a token is asked for; without authentication only this machine may talk to it.
    """

    def __init__(
        self,
        authentication: Authentication | None,
        handlers: Handlers,
        hosts: tuple[str, ...],
        tenants: frozenset[str],
        delivery: Delivery,
    ) -> None:
        super().__init__(authentication or _Closed(delivery))
        self.closed = authentication is not None
        self._handlers = handlers
        self._hosts = hosts
        self._tenants = tenants
        self._delivery = delivery
        self._unfinished: set[asyncio.Task[None]] = set()

    async def receive(self, incoming: Incoming, header: str | None) -> InvokeResponse | None:
        """Answer an activity of a channel; without authentication only for this machine."""
        activity = _received(incoming.envelope)
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
        return await self._process(anonymous(delivery), _received(incoming.envelope), incoming)

    async def finish(self, patience: float | None = None) -> None:
        """Wait for replies that are still being sent, at most so many seconds; then they are given up."""
        if not self._unfinished:
            return
        _, late = await asyncio.wait(set(self._unfinished), timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _process(
        self, admitted: AuthenticateRequestResult, activity: Activity, incoming: Incoming
    ) -> InvokeResponse | None:
        async def logic(context: TurnContext) -> None:
            await serve(incoming, _Carrier(context), self._handlers, self._unfinished)

        response = await self.process_activity(admitted, activity, logic)
        return cast("InvokeResponse | None", response)

    def _process_turn_results(self, context: TurnContext) -> InvokeResponse | None:
        """Replies that the channel wants in the response: the SDK's serializer would lose parts of them."""
        if not context.activity.delivery_mode:
            return cast("InvokeResponse | None", super()._process_turn_results(context))
        replies = context.buffered_reply_activities
        body: dict[str, Any] = {"activities": [addressed(a) for a in replies if a.type != "invokeResponse"]}
        for answered in (a for a in replies if a.type == "invokeResponse"):
            body["body"] = answered.value.body
        return InvokeResponse(status=200, body=body)


def _said(content: Mapping[str, Any]) -> Activity:
    activity = Activity(type=content["type"])
    activity.said = Content(content)
    return activity


class _Carrier:
    """Replies by way of the SDK's turn context."""

    def __init__(self, context: TurnContext) -> None:
        self._context = context

    async def send(self, activity: Mapping[str, Any]) -> str:
        sent = await self._context.send_activity(_said(activity))
        return (sent.id if sent else "") or ""

    async def update(self, identifier: str, activity: Mapping[str, Any]) -> None:
        said = _said(activity)
        said.id = identifier
        await self._context.update_activity(said)

    async def respond(self, body: Mapping[str, Any]) -> None:
        value = InvokeResponse(status=200, body=body)
        await self._context.send_activity(Activity(type="invokeResponse", value=value))
