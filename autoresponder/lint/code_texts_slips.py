"""What the codes of slips of the hand mean: quotes of word processors, remarks by accident, half braces."""

from __future__ import annotations

SLIPS = """
Y017 A text begins with a quote of a word processor.
Such quotes hold nothing together and become part of the text. Straight quotes do what was meant.
- any: [“wifi code”, password]
+ any: ["wifi code", password]

Y019 A # makes a remark of what was meant as a value.
What follows a # behind a space is not read. Quotes around the text keep it.
- title: #1 question
+ title: "#1 question"

R016 This is no language code.
Languages are two small letters, such as en or de. A country is no language.
- language: gb
+ language: en

L018 A text holds something that guests would read as it stands.
Half braces, blanks of other programs, web page tags, and marks of two versions are no part of a reply.
- The network is { property.wifi_name }.
+ The network is {{ property.wifi_name }}.

L020 A text asks whether a secret is released that no property has.
The answer is always no, so guests would never be told. Mostly the name is misspelt.
- {% if released("wifi_pasword") %}
+ {% if released("wifi_password") %}

L024 A reply names a secret also when the guest may not be told it.
Such guests get no answer and wait for a person. Ask whether it is released, and say something else if not.
- The code is {{ property.door_code }}.
+ {% if released("door_code") %}The code is {{ property.door_code }}.{% else %}You get the code on the day before.{% endif %}

L025 There are no properties, and replies need facts about them.
Every reply with a fact would be left to you. Each property stands in properties.yaml with what is true of it.
- properties: {}
+ properties: {seaview: {channex_id: 5ea51e30-0001-4a00-8000-000000000001, facts: {parking: In the yard.}}}
"""
