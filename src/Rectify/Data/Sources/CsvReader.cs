using System.Text;

namespace Rectify.Data;

/// <summary>Reads comma-separated records as RFC 4180 has them: quotes around fields, doubled inside, line breaks allowed between them.</summary>
/// <remarks>Memory is bounded: a record of more than <see cref="MaxLength"/> characters is a problem, and is passed over to the end of the line.</remarks>
internal sealed class CsvReader(TextReader text)
{
    /// <summary>The longest record, in characters.</summary>
    public const int MaxLength = 64 << 10;

    private readonly List<string> _fields = [];
    private readonly StringBuilder _field = new();
    private int _nextLine = 1;

    /// <summary>The line, from 1, at which the last record begins.</summary>
    public int Line { get; private set; }

    /// <summary>What is wrong with the last record; null where nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The next record's fields (a blank line has a single empty one); null at the end.</summary>
    public IReadOnlyList<string>? Next()
    {
        _fields.Clear();
        _field.Clear();
        (Problem, Line) = (null, _nextLine);
        int c = Read();
        if (c < 0)
        {
            return null;
        }

        bool inside = false, closed = false;
        for (int length = 1; ; length++, c = Read())
        {
            if (length > MaxLength && (inside || c is not (< 0 or '\n')))
            {
                Problem = $"is longer than {MaxLength} characters; a closing quote may be missing, or it is no CSV";
                SkipLine(c);
                return _fields;
            }

            if (inside)
            {
                if (c < 0)
                {
                    Problem = "has a quote that is never closed; close it";
                    return _fields;
                }

                if (c == '"' && text.Peek() != '"')
                {
                    (inside, closed) = (false, true);
                    continue;
                }

                // Of two quotes the first is dropped.
                Append(c == '"' ? Read() : c);
            }
            else if (c is < 0 or '\n')
            {
                _fields.Add(_field.ToString());
                return _fields;
            }
            else if (c == ',')
            {
                _fields.Add(_field.ToString());
                _field.Clear();
                closed = false;
            }
            else if (c == '"' && _field.Length == 0 && !closed)
            {
                inside = true;
            }
            else if (c != '\r' || text.Peek() is not ('\n' or -1))
            {
                if (c == '"' || closed)
                {
                    Problem ??= "has a quote in the middle of a field; put the whole field into quotes and double those inside";
                }

                Append(c);
            }
        }
    }

    private void Append(int c)
    {
        if (c == '\uFFFD')
        {
            Problem ??= "holds bytes that are not UTF-8; save the file as UTF-8";
        }
        else if (c is < ' ' and not ('\t' or '\n' or '\r'))
        {
            Problem ??= "holds control characters; it is no text";
        }

        _field.Append((char)c);
    }

    private void SkipLine(int c)
    {
        while (c is >= 0 and not '\n')
        {
            c = Read();
        }
    }

    private int Read()
    {
        int c = text.Read();
        _nextLine += c == '\n' ? 1 : 0;
        return c;
    }
}
