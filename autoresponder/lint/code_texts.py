"""The texts of `codes`. An entry: code and sentence; then why; `- ` what is wrong, `+ ` how it is right."""

from __future__ import annotations

FILES = """
F001 A file or folder cannot be read.
Often its permissions are too narrow, or a link leads to nowhere.

F002 A file or folder lies outside the working folder.
Only what is inside of it is read, so that it can be copied, checked and reloaded as a whole. Copy the file into it.

F003 There are too many files, or they are too large together.

F004 A file in rules/ or templates/ has an ending that is not read.
- rules/wifi.txt
+ rules/wifi.yaml

F005 There are no rules.
Without rules nobody is answered. Make a working folder with: autoresponder init

F006 A file lies where nothing reads it.
Rules are read from rules/, topics from rules/topics/, tests from tests/; settings and properties have names of their own.
- 60-mine.yaml
+ rules/60-mine.yaml

Y001 A file is larger than what is read.

Y002 A file is not saved as UTF-8.
Save it in your editor with the encoding UTF-8.

Y003 An invisible control character stands in a file.
Such characters come along when text is copied from elsewhere. Delete it.

Y004 A line is indented with a tab.
How far a line stands to the right says what it belongs to, and a tab has no fixed width. Use spaces.

Y005 A file has a second part, which begins with ---.
Only one is read. Take the line away, or make two files.

Y006 A text that begins with {{ or {% has no quotes around it.
- text: {{ guest.first_name }}, welcome
+ text: "{{ guest.first_name }}, welcome"

Y007 A quote or bracket is opened and not closed.
- any: [wifi, parking
+ any: [wifi, parking]

Y008 A character has a meaning of its own here.
Texts with : # [ ] { } * & % @ at certain places need quotes.
- title: Parking: what it costs
+ title: "Parking: what it costs"

Y009 A line stands too far to the left or to the right.
- - id: wifi
-    reply: wifi
+ - id: wifi
+   reply: wifi

Y010 A name stands twice in the same place.
Only one of the two could count, so one of them would silently be lost.
- reply: wifi
- reply: parking
+ reply: wifi

Y011 Aliases (*name) unfold into far too much.

Y012 A part of the file contains itself.

Y013 << is not used here.
Write the settings out.

Y014 A word that begins with ! is not used here.
- id: !number 12
+ id: "12"

Y015 The name of a setting is not a plain text.

Y016 There are too many levels inside each other.

Y018 The file holds the marks of two versions that were never put together.
Keep the lines of one version, and delete the others together with the marks.
- <<<<<<< mine
- reply: wifi
- =======
- reply: internet
- >>>>>>> theirs
+ reply: wifi

S001 A setting does not exist.
A misspelt name would silently do nothing, so it is an error.
- tempalte: wifi
+ reply: wifi

S002 A setting is missing.
- - when: {topics: {any: [wifi]}}
+ - id: wifi
+   when: {topics: {any: [wifi]}}

S003 A word is not one of those that are possible here.
- provider: airbn
+ provider: airbnb

S004 A number, text or list is too small, too long, or has too few entries.

S005 A value is not written as it must be.
- cooldown: 1 day
+ cooldown: 1d

S006 A value is of another kind than what belongs here.
Numbers, times and words such as true mean themselves; a text that looks like one needs quotes.
- enabled: yes
+ enabled: true

C001 An API key stands in a file.
Files are copied and shared. Put the key into the environment, and make a new one if others saw this one.

C002 Two settings contradict each other.

C003 An environment variable has a value that cannot be used.

P001 A property has no Channex id, so no thread ever belongs to it.

P002 This does not look like a Channex id.
- channex_id: seaview
+ channex_id: 5ea51e30-0001-4a00-8000-000000000001

P003 A property names a group that does not exist.

P004 There is no such time zone.
- timezone: Lisbon
+ timezone: Europe/Lisbon

P005 This is no language code.
- language: english
+ language: en

P006 This name has a meaning of its own and cannot be that of a fact.

P007 check_in_from is no time of day.
- check_in_from: 3 pm
+ check_in_from: "15:00"

P008 A secret has no source, or more than one: value, from_env or from_file.

P009 A secret cannot be read at the moment.
Replies that need it wait for a person.

P010 Two properties have the same Channex id.

P011 A name is a fact of one property and a secret of another.
Then it could be told where it must not be. Keep it under secrets: everywhere.

P012 A fact or a secret is not filled in.
Guests would read it as it stands. What is not known is better left out: such a reply is left to you.
- parking: TODO
+ parking: In the yard, free of charge.
"""

MEANING = """
R001 Two rules have the same id.
Reports, pauses and cooldowns go by the id, so it must be one rule's own.

R002 There is no such topic.

R003 A rule does nothing.
- - id: wifi
-   when: {topics: {any: [wifi]}}
+ - id: wifi
+   when: {topics: {any: [wifi]}}
+   reply: wifi

R004 A rule has both a template and a text of its own.

R005 A phrase is not written as phrases are.
- any: ["*park", "re: (code"]
+ any: ["park*", "re: \\\\(code"]

R006 A rule answers, and marks the thread as needing no reply.
Only one of the two can be.

R007 A rule has a cooldown, and does not answer.

R008 A topic file does not say in which language its phrases are.
The language of a guest is told by the phrases that are found.

R009 This is no day or number.
- arrival_date: {after: 2026-02-31}
+ arrival_date: {after: 2026-02-28}

R010 This is no field of an inquiry that we know.
It is compared with what Airbnb's card carries; the name may be misspelt.

R011 A time window begins and ends at the same time.

L001 A rule replies with a template that does not exist.

L002 No rule replies with this template.
Often a rule's reply is misspelt.

L003 A template needs a fact that no property has.
Guests would wait for a person instead of getting an answer.

L004 Some properties lack a fact that a template needs.
Their guests wait for a person until it stands in properties.yaml.

L005 A fact is not written in a language in which there is a template.

L006 A template does not exist in a language in which others do.

L007 no_reply_needed stands in a rule that is never about Booking.com.
Only Booking.com knows it.

L008 A secret of properties.yaml stands in a reply as plain text.
Every guest would be told, at any time.
- The code is 4711.
+ The code is {{ property.door_code }}.

L009 A file is empty.

L010 A rule is for a property or group that does not exist.

L011 The OTA would refuse or cut this reply.
Links on Booking.com; telephone numbers, addresses and links before a booking is confirmed elsewhere.

L012 A rule is never used, because another one takes each of its messages.
Under answers: first the first matching rule answers; a rule that hands over to a person always wins.
- - {id: parking, when: {text: {any: [parking]}}, reply: parking}
- - {id: fee, when: {text: {any: [parking fee]}}, reply: fee}
+ - {id: fee, when: {text: {any: [parking fee]}}, reply: fee}
+ - {id: parking, when: {text: {any: [parking]}}, reply: parking}

L013 Two rules answer the same words, and only the first of them can.
Told under answers: first, where neither of the two asks for more than the other.

L014 A condition can never hold.
- when: {booking: none, stay: in_stay}
+ when: {booking: confirmed, stay: in_stay}

L015 A condition holds for every message, so it changes nothing.
- provider: [booking_com, airbnb, expedia, other]

L016 Topics get into each other's way.
A phrase is cancelled by its own topic, or stands in a topic that is answered and in one that goes to a person.

L017 A reply needs a secret when no guest may be told it.
Secrets are told to guests with a confirmed booking, around the stay. Limit the rule, or leave the secret out.
- when: {booking: none, text: {any: [door code]}}
+ when: {booking: confirmed, text: {any: [door code]}}
"""

REPLIES = """
T001 A template cannot be read.
- {% if guest.first_name %}Dear {{ guest.first_name }}
+ {% if guest.first_name %}Dear {{ guest.first_name }}{% endif %}

T002 The name of a template file does not say the language.
- templates/wifi.j2
+ templates/wifi.en.j2

T003 There is no such variable.
- {{ gust.first_name }}
+ {{ guest.first_name }}

T004 A variable has no such field.
- {{ guest.name }}
+ {{ guest.first_name }}

T005 There is no such filter or test.
- {{ booking.arrival | dat }}
+ {{ booking.arrival | date }}

T006 This cannot be used in a reply.
Templates can print, ask, repeat and include; nothing else is within their reach.

T007 A template includes a file that does not exist.

T008 A frame never prints the answers.
- Dear guest,
+ Dear guest,
+ {{ body }}

T009 A template is too large, or too deep.

T011 A value would be missing when the reply is written.
Such a reply is not sent; a person has to answer.

T013 A reply cannot be sent as it comes out: it is empty, too long, or holds what no guest should see.

T017 A field never has this value.
- {% if booking.status == "canceled" %}
+ {% if booking.status == "cancelled" %}

T018 Guests who give no name would get no answer.
- Dear {{ guest.first_name }},
+ Dear {% if guest.first_name %}{{ guest.first_name }}{% else %}guest{% endif %},
"""
