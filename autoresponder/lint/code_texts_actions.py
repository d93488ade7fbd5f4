"""Texts of `codes` about what rules do besides answering: see `code_texts` for their form."""

from __future__ import annotations

ACTIONS = """
R012 A rule sends a file and does not answer.
A file goes out after an answer; alone it says nothing.
- then: [escalate]
- attach: parking-map.jpg
+ reply: parking
+ attach: parking-map.jpg

R013 This cannot be the name of a file to send.
Files lie below the folder files/ and are JPEG, PNG, GIF or PDF.
- attach: ../parking-map.docx
+ attach: parking-map.jpg

R014 A rule pre-approves and does not answer.
A pre-approval goes with words for the guest.
- then: [preapprove]
+ then: [preapprove]
+ reply: welcome

R017 A rule answers, and leaves the guest to a person.
The answer goes out. To be told of it as well, write escalate; to answer yourself, delete the reply.
- reply: luggage
- then: [hold]
+ reply: luggage
+ then: [escalate]

L022 A file that a rule sends is missing, empty, too large, or not what its name says.
Guests would wait for a person instead of getting an answer.

L019 An OTA that the rule is for does not take the file.
Its guests would wait for a person. A JPEG or PNG below 1 MB is taken by all of them.
- attach: parking-map.pdf
+ attach: parking-map.jpg

L023 A rule pre-approves inquiries, and that is not allowed in autoresponder.yaml.
Guests would wait for a person. A pre-approval is a promise, so it is allowed for the whole folder first.
- guards: {settle: 45s}
+ guards: {settle: 45s, preapprove: true}

L021 A rule pre-approves, and may be used for more than new inquiries.
Only open Airbnb inquiries can be pre-approved; all other guests would wait for a person.
- when: {text: {any: [holiday]}}
+ when: {event: inquiry, text: {any: [holiday]}}
"""
