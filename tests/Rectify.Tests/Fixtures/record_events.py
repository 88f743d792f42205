#!/usr/bin/env python3
"""Records what a TensorBoard event file holds, as the oracle of EventFileTests.

Writes events.json beside itself: the file's bytes in hexadecimal. The messages are encoded by protoc from their text form, by TensorFlow's own names and numbers
of fields; their frame is written here, with a CRC-32C bit by bit.
Run with protoc 3.21 or later (apt install protobuf-compiler): python3 record_events.py
"""
import json
import pathlib
import struct
import subprocess
import tempfile

# From tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto, as far as they are needed.
PROTO = """
syntax = "proto3";
package tensorflow;
message Summary {
  message Value { string tag = 1; oneof value { float simple_value = 2; } }
  repeated Value value = 1;
}
message SessionLog {
  enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
  SessionStatus status = 1;
}
message Event {
  double wall_time = 1;
  int64 step = 2;
  oneof what { string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
}
"""

TIME = 1700000000.25
EVENTS = [
    f'wall_time: {TIME} file_version: "brain.Event:2"',
    f"wall_time: {TIME} step: 301 session_log {{ status: START }}",
    f'wall_time: {TIME} step: 301 summary {{ value {{ tag: "training/loss" simple_value: 2.25 }} value {{ tag: "training/rate" simple_value: 0.01 }} }}',
    f'wall_time: {TIME} step: 5000000000 summary {{ value {{ tag: "slope/块1/conv1" simple_value: -0.125 }} value {{ tag: "validation/top1Error" simple_value: 0 }} }}',
    f'wall_time: {TIME} summary {{ value {{ tag: "{"long/" * 40}" simple_value: 1e30 }} }}',
]


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(message):
    length = struct.pack("<Q", len(message))
    return length + struct.pack("<I", masked_crc(length)) + message + struct.pack("<I", masked_crc(message))


with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "event.proto").write_text(PROTO)
    encode = ["protoc", f"-I{folder}", "--encode=tensorflow.Event", "event.proto"]
    messages = [subprocess.run(encode, input=event.encode(), stdout=subprocess.PIPE, check=True).stdout for event in EVENTS]
version = subprocess.run(["protoc", "--version"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
target = pathlib.Path(__file__).with_name("events.json")
target.write_text(json.dumps({"recordedWith": version, "file": b"".join(record(m) for m in messages).hex()}, indent=1) + "\n")
