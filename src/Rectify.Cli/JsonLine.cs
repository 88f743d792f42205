using System.Text;
using System.Text.Json;

namespace Rectify.Cli;

/// <summary>One JSON object on one line: what --json prints last.</summary>
internal static class JsonLine
{
    public static void Write(TextWriter output, Action<Utf8JsonWriter> content)
    {
        using MemoryStream memory = new();
        using (Utf8JsonWriter json = new(memory))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(memory.ToArray()));
    }
}
