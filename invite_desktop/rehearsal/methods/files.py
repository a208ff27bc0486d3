"""upload.* and photos.*: sending files, and getting them and profile photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal import message_views, views
from invite_desktop.rehearsal.addressing import CHAT_PEERS, chat_at, person_at
from invite_desktop.rehearsal.attachments import picture_size
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.portraits import PORTRAIT_SIDE, portrait, portrait_id

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.attachments import Attachment
    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.people import Person

_MAX_PHOTO = 10 * 1024 * 1024
_MAX_CHUNK = 1024 * 1024
_LEAST_STEP = 1024
_MONTH = 30 * 24 * 3600
_UPLOADED = (types.InputMediaUploadedPhoto, types.InputMediaUploadedDocument)


@answers(functions.upload.SaveFilePartRequest)
def save_file_part(call: Call, request: TLObject) -> bool:
    """Keep a part of a file."""
    call.backend.uploads.save(call.me.id, request.file_id, request.file_part, request.bytes)
    return True


@answers(functions.upload.SaveBigFilePartRequest)
def save_big_file_part(call: Call, request: TLObject) -> bool:
    """Keep a part of a file that Telegram calls big."""
    call.backend.uploads.save(call.me.id, request.file_id, request.file_part, request.bytes)
    return True


@answers(functions.messages.UploadMediaRequest)
def upload_media(call: Call, request: TLObject) -> TLObject:
    """Keep a picture or document for messages to come."""
    if isinstance(request.peer, CHAT_PEERS):
        chat_at(call, request.peer)
    else:
        person_at(call, request.peer, "PEER_ID_INVALID")
    attachment = call.world.attachments.find(stored_media(call, request.media))
    if attachment is None:
        raise MethodError("MEDIA_INVALID")
    return message_views.attached(call.world, attachment, call.me)


@answers(functions.upload.GetFileRequest)
def get_file(call: Call, request: TLObject) -> TLObject:
    """Return a piece of a profile photo or of something that was sent."""
    if request.limit <= 0 or request.limit > _MAX_CHUNK or request.limit % _LEAST_STEP:
        raise MethodError("LIMIT_INVALID")
    if request.offset < 0 or request.offset % _LEAST_STEP:
        raise MethodError("OFFSET_INVALID")
    data, is_png = _file_at(call, request.location)
    kind = types.storage.FilePng() if is_png else types.storage.FileUnknown()
    return types.upload.File(kind, 0, data[request.offset : request.offset + request.limit])


@answers(functions.photos.GetUserPhotosRequest)
def get_user_photos(call: Call, request: TLObject) -> TLObject:
    """Return somebody's profile photos: one or none."""
    person = person_at(call, request.user_id)
    wanted = request.limit > 0 and request.offset <= 0
    photo = full_portrait(call, person) if wanted else None
    found = [photo] if isinstance(photo, types.Photo) else []
    return types.photos.Photos(found, [views.user(call.world, person, call.me)])


def full_portrait(call: Call, person: Person) -> TLObject | None:
    """Return somebody's profile photo with its sizes, None when she has none."""
    number = portrait_id(call.world, person)
    if not number:
        return None
    size = len(portrait(number))
    made = call.world.now() - _MONTH
    return types.Photo(
        number,
        message_views.file_hash(call.world, call.me, number),
        message_views.FILE_REFERENCE,
        made,
        [types.PhotoSize(message_views.PORTRAIT_SIZE, PORTRAIT_SIDE, PORTRAIT_SIDE, size)],
        call.me.dc,
    )


def stored_media(call: Call, media: TLObject) -> int:
    """Return the id of the file that a message is to carry; who uploads one keeps it first."""
    if isinstance(media, types.InputMediaPhoto | types.InputMediaDocument):
        return _known(call, media.id, "MEDIA_EMPTY").id
    if not isinstance(media, _UPLOADED):
        raise MethodError("MEDIA_INVALID")
    if isinstance(media, types.InputMediaUploadedPhoto):
        return stored_picture(call, media.file)
    data = _uploaded(call, media.file)
    attributes = message_views.pack_entities(media.attributes)
    mime, now = media.mime_type, call.world.now()
    return call.world.attachments.add(
        data, now, name=media.file.name, mime=mime, attributes=attributes
    ).id


def stored_picture(call: Call, file: TLObject) -> int:
    """Return the number under which an uploaded picture is kept from now on."""
    data = _uploaded(call, file)
    size = picture_size(data)
    if size is None or len(data) > _MAX_PHOTO:
        raise MethodError("IMAGE_PROCESS_FAILED")
    return call.world.attachments.add(data, call.world.now(), size=size).id


def _uploaded(call: Call, file: TLObject) -> bytes:
    if not isinstance(file, types.InputFile | types.InputFileBig):
        raise MethodError("FILE_ID_INVALID")
    checksum = getattr(file, "md5_checksum", "")
    return call.backend.uploads.take(call.me.id, file.id, file.parts, checksum)


def photo_at(call: Call, address: TLObject) -> int:
    """Return the number of the stored picture that the caller addresses."""
    known = _known(call, address, "PHOTO_INVALID")
    if not known.width:
        raise MethodError("PHOTO_INVALID")
    return known.id


def _known(call: Call, address: TLObject, fault: str) -> Attachment:
    number = getattr(address, "id", 0)
    known = call.world.attachments.find(number)
    secret = message_views.file_hash(call.world, call.me, number)
    if known is None or getattr(address, "access_hash", 0) != secret:
        raise MethodError(fault)
    return known


def _photo_of_chat(call: Call, location: TLObject) -> bytes:
    kept = call.world.attachments.find(chat_at(call, location.peer).photo)
    if kept is None or location.photo_id != kept.id:
        raise MethodError("LOCATION_INVALID")
    return call.world.attachments.content(kept)


def _photo_of_person(call: Call, location: TLObject) -> bytes:
    person = person_at(call, location.peer, "PEER_ID_INVALID")
    if location.photo_id != portrait_id(call.world, person):
        raise MethodError("LOCATION_INVALID")
    return portrait(location.photo_id)


def _file_at(call: Call, location: TLObject) -> tuple[bytes, bool]:
    """Return the bytes of a file, and whether they are a PNG."""
    if isinstance(location, types.InputPeerPhotoFileLocation):
        if isinstance(location.peer, CHAT_PEERS):
            return _photo_of_chat(call, location), False
        return _photo_of_person(call, location), True
    if not isinstance(location, types.InputPhotoFileLocation | types.InputDocumentFileLocation):
        raise MethodError("LOCATION_INVALID")
    if location.file_reference != message_views.FILE_REFERENCE:
        raise MethodError("FILE_REFERENCE_INVALID")
    if location.access_hash != message_views.file_hash(call.world, call.me, location.id):
        raise MethodError("LOCATION_INVALID")
    kept = call.world.attachments.find(location.id)
    if kept is not None:
        return call.world.attachments.content(kept), False
    if location.thumb_size == message_views.PORTRAIT_SIZE and location.id > 0:
        return portrait(location.id), True
    raise MethodError("LOCATION_INVALID")
