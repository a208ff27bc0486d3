"""The messages of one supergroup or channel, with the numbers that clients synchronise by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from invite_desktop.rehearsal.letters import Action, Content, Post

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_POSTS = 10_000
"""Older posts are gone, as in a group whose messages delete themselves."""

_MOST_DELETIONS = 1_000


class Missed(NamedTuple):
    """What somebody has missed; ids only of what was deleted."""

    new: list[Post]
    edited: list[Post]
    deleted: list[int]


class History:
    """Posts by id, oldest first; every event raises ``pts`` (core.telegram.org/api/updates)."""

    def __init__(self) -> None:
        self.pts = 0
        self.last_id = 0
        self._posts: dict[int, Post] = {}
        self._deleted: dict[int, int] = {}
        self._forgotten_pts = 0

    def add(
        self, author_id: int, content: Content, sent_at: int, action: Action | None = None
    ) -> Post:
        """Add a post and return it."""
        pts, number = self.pts + 1, self.last_id + 1
        post = Post(number, author_id, sent_at, content, pts, pts, action)
        self.keep(post)
        return post

    def keep(self, post: Post) -> None:
        """Put a post at the end, or anew in its place, as it was."""
        self._posts[post.id] = post
        self.last_id = max(self.last_id, post.id)
        self.pts = max(self.pts, post.pts)
        if len(self._posts) > MOST_POSTS:
            oldest = self._posts.pop(next(iter(self._posts)))
            self._forgotten_pts = max(self._forgotten_pts, oldest.pts)

    def edit(self, post: Post, content: Content, at: int) -> None:
        """Change what a post says."""
        self.pts += 1
        post.content, post.edited_at, post.pts = content, at, self.pts

    def delete(self, ids: Sequence[int]) -> None:
        """Take posts away for good."""
        for number in ids:
            self.note_deleted(number, self.pts + 1)

    def note_deleted(self, number: int, pts: int) -> None:
        """Remember when a post was taken away."""
        self._posts.pop(number, None)
        self._deleted[number] = pts
        self.last_id = max(self.last_id, number)
        self.pts = max(self.pts, pts)
        if len(self._deleted) > _MOST_DELETIONS:
            oldest = self._deleted.pop(next(iter(self._deleted)))
            self._forgotten_pts = max(self._forgotten_pts, oldest)

    def post(self, number: int) -> Post | None:
        """Return the post with this id, None when there is none or no more."""
        return self._posts.get(number)

    def posts(self) -> list[Post]:
        """Return all posts, oldest first."""
        return list(self._posts.values())

    def deletions(self) -> list[tuple[int, int]]:
        """Return the ids of what was deleted lately, each with the number of that event."""
        return list(self._deleted.items())

    @property
    def last(self) -> Post | None:
        """Return the newest post."""
        return next(reversed(self._posts.values()), None)

    def unread(self, user_id: int, read: int) -> int:
        """Return how many posts of others came after the one that somebody has read."""
        count = 0
        for post in reversed(self._posts.values()):
            if post.id <= read:
                break
            count += post.author_id != user_id
        return count

    def since(self, pts: int) -> Missed | None:
        """Return what came after a point of synchronisation, None when that is too long ago."""
        if pts < self._forgotten_pts:
            return None
        newer: list[Post] = []
        for post in reversed(self._posts.values()):
            if post.made_pts <= pts:
                break
            newer.append(post)
        edited = [p for p in self._posts.values() if p.pts > pts >= p.made_pts]
        deleted = [number for number, at in self._deleted.items() if at > pts]
        return Missed(newer[::-1], edited, deleted)
